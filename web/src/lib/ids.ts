/** Identifiers made on this device: UUID version 7 (RFC 9562), which sort by the time they were made. */

let lastMs = 0;
let counter = 0;

/** Lets new identifiers come after this one, though the clock was set back since it was made. */
export function follow(id: string): void {
  const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id) || ms < lastMs) return;
  lastMs = ms + 1;
  counter = 0;
}

/** A new identifier, later in order than every one made in this page or followed. */
export function newId(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = (crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) & 0x3ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  const tail = crypto.getRandomValues(new Uint8Array(8));
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const time = lastMs.toString(16).padStart(12, '0');
  const rest = Array.from(tail, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const sequence = (0x7000 | counter).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${sequence}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}
