/** Seals what waits on this device: AES-GCM with a key that only the memory of this page holds. */
import type { OutboxKey } from '../api';

const NONCE_BYTES = 12;
const KEY_BYTES = 32;

export interface Sealed {
  key_id: string;
  nonce: Uint8Array<ArrayBuffer>;
  body: ArrayBuffer;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}

export class OutboxCipher {
  readonly keyId: string;
  readonly #key: CryptoKey;

  private constructor(keyId: string, key: CryptoKey) {
    this.keyId = keyId;
    this.#key = key;
  }

  /** A cipher with the key that the server keeps for this person and vault; it cannot be read out again. */
  static async of({ key, key_id }: OutboxKey): Promise<OutboxCipher> {
    const raw = bytesOf(key);
    if (raw.length !== KEY_BYTES) throw new RangeError(`an outbox key has ${KEY_BYTES} bytes, not ${raw.length}`);
    return new OutboxCipher(key_id, await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']));
  }

  /** `value` sealed for `place`: it opens nowhere else. */
  async seal(value: unknown, place: string): Promise<Sealed> {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const clear = new TextEncoder().encode(JSON.stringify(value));
    const body = await crypto.subtle.encrypt(this.#parameters(nonce, place), this.#key, clear);
    return { key_id: this.keyId, nonce, body };
  }

  /**
   * What was sealed for `place`.
   *
   * @throws DOMException when it was sealed with another key, for another place, or was changed.
   */
  async open(sealed: Sealed, place: string): Promise<unknown> {
    const clear = await crypto.subtle.decrypt(this.#parameters(sealed.nonce, place), this.#key, sealed.body);
    return JSON.parse(new TextDecoder().decode(clear)) as unknown;
  }

  #parameters(nonce: Uint8Array<ArrayBuffer>, place: string): AesGcmParams {
    return { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(place) };
  }
}
