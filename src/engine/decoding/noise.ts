const stride = 0x9e3779b9;

/** Spreads a 32-bit number over all 32 bits (the finalizer of MurmurHash3); mix(1) = 0x514E28B7. */
export function mix(value: number): number {
  let hash = value;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}

/** The noise of one position: what `gumbel` needs besides the token. All in 32-bit unsigned arithmetic. */
export function noiseAt(seed: number, position: number): number {
  return mix((seed + Math.imul(position, stride)) >>> 0);
}

/** The 32-bit number that a token's noise at a position comes from. */
export function noiseHash(noise: number, token: number): number {
  return mix((noise + Math.imul(token, stride)) >>> 0);
}

/** Standard Gumbel noise from a hash: it grows with the hash. */
export function gumbelOf(hash: number): number {
  return -Math.log(-Math.log((hash + 0.5) / 2 ** 32));
}

/**
 * Standard Gumbel noise of a token at a position. Adding it to the logits and taking the largest draws from their
 * softmax. It belongs to seed, position and token, whatever pass or row asks for it.
 */
export function gumbel(noise: number, token: number): number {
  return gumbelOf(noiseHash(noise, token));
}

/** No hash below this one has noise of `least` or more: spares the logarithms of the many that can't win. */
export function leastHash(least: number): number {
  return Math.exp(-Math.exp(-least)) * 2 ** 32 - 2;
}
