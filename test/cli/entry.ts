// What bin/sdar-chat.js does, on the sources instead of the build.
import { main } from "../../src/cli/main.ts";

await main(process.argv);
