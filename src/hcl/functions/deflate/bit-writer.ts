/** Bytes that are written bit by bit, the lowest bit of each first. */
export class BitWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  #bits = 0;
  #count = 0;

  /** Writes the lowest `count` bits, at most 16; the others are 0. */
  bits(value: number, count: number): void {
    this.#bits |= value << this.#count;
    this.#count += count;
    if (this.#count < 16) return;
    this.#makeRoom(2);
    this.#bytes[this.#length] = this.#bits;
    this.#bytes[this.#length + 1] = this.#bits >>> 8;
    this.#length += 2;
    this.#bits >>>= 16;
    this.#count -= 16;
  }

  /** Whole bytes, from the next whole byte on. */
  bytes(bytes: Uint8Array): void {
    this.#align();
    this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** All that was written. */
  written(): Uint8Array {
    this.#align();
    return this.#bytes.subarray(0, this.#length);
  }

  #align(): void {
    this.#makeRoom(2);
    for (; this.#count > 0; this.#count -= 8) {
      this.#bytes[this.#length++] = this.#bits;
      this.#bits >>>= 8;
    }
    this.#count = 0;
  }

  #makeRoom(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
