export { modelConfigSchema, type ModelConfig } from "./config.ts";
