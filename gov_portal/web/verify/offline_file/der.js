/** Read and write DER (ITU-T X.690), as far as certificates and seals need it. */
import { require, joined } from "./bytes.js";

export const SEQUENCE = 0x30, SET = 0x31, INTEGER = 2, BITS = 3, OCTETS = 4, OID = 6, UTF8 = 12;

/** Return the element that begins at a place; its length is spelt in the shortest way or it is refused. */
export function element(bytes, at = 0, limit = bytes.length) {
  require(at + 2 <= limit && (bytes[at] & 31) !== 31, "der");
  let body = at + 2, length = bytes[at + 1];
  if (length > 127) {
    const count = length & 127;
    require(count > 0 && count < 4 && body + count <= limit && bytes[body] !== 0, "der");
    length = 0;
    for (let left = count; left > 0; left--) length = length * 256 + bytes[body++];
    require(length > 127, "der");
  }
  require(body + length <= limit, "der");
  const end = body + length;
  return { tag: bytes[at], at, end, bytes, whole: bytes.subarray(at, end), content: bytes.subarray(body, end), body };
}

/** Return what stands in an element, after its tags if they are named. */
export function inside(parent, ...tags) {
  const found = [];
  for (let at = parent.body; at < parent.end; at = found.at(-1).end) found.push(element(parent.bytes, at, parent.end));
  require(!tags.length || (tags.length === found.length && tags.every((tag, n) => found[n].tag === tag)), "der");
  return found;
}

/** Return the element that is all there is. */
export function only(bytes, tag) {
  const found = element(bytes);
  require(found.tag === tag && found.end === bytes.length, "der");
  return found;
}

export function written(tag, ...contents) {
  const content = joined(...contents), size = content.length;
  const head = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return joined([tag, ...head], content);
}
