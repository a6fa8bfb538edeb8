// As much of MessagePack as Neovim's API needs: https://github.com/msgpack/msgpack/blob/master/spec.md

/** @param {unknown} value @returns {Buffer} */
export function encode(value) {
  const parts = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value, parts) {
  if (value === null || value === undefined) return parts.push(Buffer.from([0xc0]));
  if (typeof value === 'boolean') return parts.push(Buffer.from([value ? 0xc3 : 0xc2]));
  if (typeof value === 'number') return parts.push(number(value));
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    return parts.push(head(bytes.length, 0xdb), bytes);
  }
  if (Array.isArray(value)) {
    parts.push(head(value.length, 0xdd));
    for (const one of value) write(one, parts);
    return;
  }
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  parts.push(head(entries.length, 0xdf));
  for (const [key, one] of entries) {
    write(key, parts);
    write(one, parts);
  }
}

/** Always in the longest form: nobody counts these bytes. */
function head(length, type) {
  const bytes = Buffer.alloc(5);
  bytes[0] = type;
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

function number(value) {
  const bytes = Buffer.alloc(9);
  if (Number.isInteger(value)) {
    bytes[0] = 0xd3;
    bytes.writeBigInt64BE(BigInt(value), 1);
  } else {
    bytes[0] = 0xcb;
    bytes.writeDoubleBE(value, 1);
  }
  return bytes;
}

class Incomplete extends Error {}

/** Takes whole values out of a stream that comes in pieces. */
export class Decoder {
  #bytes = Buffer.alloc(0);
  #at = 0;

  /** @param {Buffer} chunk @returns {Generator<any>} the values that are complete now */
  *push(chunk) {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      this.#at = 0;
      let value;
      try {
        value = this.#value();
      } catch (error) {
        if (error instanceof Incomplete) return;
        throw error;
      }
      this.#bytes = this.#bytes.subarray(this.#at);
      yield value;
    }
  }

  #take(length) {
    if (this.#at + length > this.#bytes.length) throw new Incomplete();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #uint(length) {
    return this.#take(length).readUIntBE(0, length);
  }

  #value() {
    const type = this.#uint(1);
    if (type < 0x80) return type;
    if (type < 0x90) return this.#map(type & 0x0f);
    if (type < 0xa0) return this.#array(type & 0x0f);
    if (type < 0xc0) return this.#text(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    switch (type) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xd9:
        return this.#text(this.#uint(1));
      case 0xc5:
      case 0xda:
        return this.#text(this.#uint(2));
      case 0xc6:
      case 0xdb:
        return this.#text(this.#uint(4));
      case 0xca:
        return this.#take(4).readFloatBE();
      case 0xcb:
        return this.#take(8).readDoubleBE();
      case 0xcc:
        return this.#uint(1);
      case 0xcd:
        return this.#uint(2);
      case 0xce:
        return this.#uint(4);
      case 0xcf:
        return Number(this.#take(8).readBigUInt64BE());
      case 0xd0:
        return this.#take(1).readInt8();
      case 0xd1:
        return this.#take(2).readInt16BE();
      case 0xd2:
        return this.#take(4).readInt32BE();
      case 0xd3:
        return Number(this.#take(8).readBigInt64BE());
      case 0xdc:
        return this.#array(this.#uint(2));
      case 0xdd:
        return this.#array(this.#uint(4));
      case 0xde:
        return this.#map(this.#uint(2));
      case 0xdf:
        return this.#map(this.#uint(4));
      case 0xc7:
        return this.#handle(this.#uint(1));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#handle(1 << (type - 0xd4));
      default:
        throw new Error(`MessagePack type 0x${type.toString(16)} is not expected from Neovim`);
    }
  }

  #text(length) {
    return this.#take(length).toString('utf8');
  }

  #array(length) {
    return Array.from({ length }, () => this.#value());
  }

  #map(length) {
    return Object.fromEntries(Array.from({ length }, () => [this.#value(), this.#value()]));
  }

  /** A buffer, window or tab page: the number inside. */
  #handle(length) {
    this.#take(1);
    const [value] = new Decoder().push(this.#take(length));
    return value;
  }
}
