// @ts-check
// A zip archive of a folder, the same bytes for the same files: names sorted, one date for all.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** 1980-01-01, the first day that a zip archive knows. */
const DATE = 0x21;
/** Names are UTF-8. */
const UTF8 = 0x800;
const DEFLATE = 8;
const VERSION = 20;

/** @param {string} folder whose content becomes the archive's @param {string} file */
export function zip(folder, file) {
  /** @type {Buffer[]} */
  const parts = [];
  /** @type {Buffer[]} */
  const directory = [];
  let offset = 0;
  for (const name of filesIn(folder)) {
    const content = readFileSync(join(folder, name));
    const packed = deflateRawSync(content, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(DEFLATE, 4);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = [signature(0x04034b50), common, Buffer.from(name), packed];
    directory.push(signature(0x02014b50), short(VERSION), common, Buffer.alloc(10), long(offset), Buffer.from(name));
    parts.push(...local);
    offset += size(local);
  }
  const count = filesIn(folder).length;
  const end = [signature(0x06054b50), short(0), short(0), short(count), short(count), long(size(directory)), long(offset), short(0)];
  writeFileSync(file, Buffer.concat([...parts, ...directory, ...end]));
}

/** @param {string} folder @returns {string[]} by their path in it, with `/` */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

const size = (buffers) => buffers.reduce((sum, one) => sum + one.length, 0);
const signature = (value) => long(value);
function long(value) {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
function short(value) {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}
