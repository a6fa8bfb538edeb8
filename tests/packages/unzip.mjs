// Reads zip archives by their central directory, as those do who unpack them.
import { strictEqual } from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';

/** @param {string} file @returns {Map<string, {mode: number, read: () => Buffer}>} by name */
export function unzip(file) {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const entries = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    strictEqual(bytes.readUInt32LE(at), 0x02014b50, `an entry of the directory at ${at} in ${file}`);
    const [method, check, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)];
    const [mode, local] = [bytes.readUInt32LE(at + 38) >>> 16, bytes.readUInt32LE(at + 42)];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const read = () => {
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const raw = bytes.subarray(start, start + packed);
      const content = method === 8 ? inflateRawSync(raw) : Buffer.from(raw);
      strictEqual(crc32(content), check, `the checksum of ${name}`);
      return content;
    };
    if (!name.endsWith('/')) entries.set(name, { mode, read });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

/** @param {string} file @param {string} folder */
export function unzipTo(file, folder) {
  for (const [name, { read }] of unzip(file)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), read());
  }
}
