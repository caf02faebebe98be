/**
 * Keeps ONNX Runtime from reporting to its makers. From 1.30 on its Linux library, unless told not to, writes a device
 * id and a queue of usage events into the home directory and sends them away; this program promises that nothing
 * leaves the machine. To be called before onnxruntime-node, or transformers which loads it too, is imported.
 */
export function forbidTelemetry(): void {
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
}
