import { messageOf, UserError } from "../../errors.ts";

const outOfMemory = /bad_alloc|failed to allocate|out of memory|cannot allocate|allocation failed/i;

const noAdapter =
  /webgpu (adapter|device)|no supported adapters|unsupported: 'webgpu'|webgpu.*not (available|supported)/i;

/** Whether a pass failed because the device can't compute in 16-bit floats: ONNX Runtime says so only then. */
export function lacksHalf(error: unknown): boolean {
  return /requires f16/i.test(messageOf(error));
}

/** Why a graph could not be loaded. */
export function loadError(file: string, error: unknown): UserError {
  if (outOfMemory.test(messageOf(error))) {
    const message =
      "There is not enough memory to load this model. Close other programs or take a smaller model.";
    return new UserError("engine", message, { cause: error });
  }
  if (noAdapter.test(messageOf(error))) {
    const message = `No GPU that WebGPU can use was found (Vulkan, D3D12 or Metal). Install its driver, or run with --device cpu.`;
    return new UserError("engine", message, { cause: error });
  }
  const message = `${file} can't be loaded: ${firstLine(error)} Its files are damaged or incomplete: convert the checkpoint again.`;
  return new UserError("model-invalid", message, { cause: error });
}

/** Why a pass left a device, as the user is told. */
export function leftDevice(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return outOfMemory.test(messageOf(cause))
    ? "The GPU's memory did not suffice: the answer goes on on the CPU."
    : `The GPU failed and the answer goes on on the CPU: ${firstLine(cause)}`;
}

/** Why a pass failed. */
export function runError(error: unknown): UserError {
  const message = outOfMemory.test(messageOf(error))
    ? "The memory did not suffice for this pass. Start a new chat, close other programs or take a smaller model."
    : `A pass of the model failed: ${firstLine(error)}`;
  return new UserError("engine", message, { cause: error });
}

function firstLine(error: unknown): string {
  const line = messageOf(error).split("\n")[0]?.trim() ?? "";
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
