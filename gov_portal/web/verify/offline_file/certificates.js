/** Follow certificates from a seal up to the root of the platform. */
import { require, isSame, joined, fromHex, toText } from "./bytes.js";
import { BITS, INTEGER, OCTETS, OID, SEQUENCE, inside, only } from "./der.js";

export const ECDSA = fromHex("300a06082a8648ce3d040302");
const COMMON_NAME = fromHex("0603550403"), CONSTRAINTS = fromHex("0603551d13"), IS_AUTHORITY = fromHex("0101ff");

/** Return what matters of a certificate. */
export function certificate(der) {
  const outer = only(der, SEQUENCE);
  const [signed, algorithm, signature] = inside(outer, SEQUENCE, SEQUENCE, BITS);
  const [, serial, inner, issuer, validity, subject, key, extensions] = inside(signed);
  require(isSame(algorithm.whole, ECDSA) && isSame(inner.whole, ECDSA) && signature.content[0] === 0, "certificate");
  require(serial.tag === INTEGER && extensions && extensions.tag === 0xa3, "certificate");
  return {
    der, signed: signed.whole, signature: signature.content.subarray(1),
    serial: serial.whole, issuer: issuer.whole, subject: subject.whole, key: key.whole,
    name: nameIn(subject), isAuthority: isAuthority(extensions), lasts: inside(validity).map(moment),
  };
}

/** Tell whether the key of a certificate made a signature, which is two numbers in DER. */
export async function hasSigned(signer, bytes, signature) {
  const numbers = inside(only(signature, SEQUENCE), INTEGER, INTEGER).map(number);
  return hasSignedRaw(signer, bytes, joined(...numbers));
}

export async function hasSignedRaw(signer, bytes, signature) {
  const curve = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("spki", signer.key, curve, false, ["verify"]);
  return crypto.subtle.verify(curve, key, signature, bytes);
}

/** Return the seal's certificate where it leads to the root over one authority that may issue such. */
export async function follow(seal, above, root, now) {
  require(isSame(seal.issuer, above.subject) && isSame(above.issuer, root.subject) && above.isAuthority, "chain");
  require(!seal.isAuthority && (await hasSigned(root, above.signed, above.signature)), "chain");
  require(await hasSigned(above, seal.signed, seal.signature), "chain");
  require([seal, above, root].every(({ lasts: [first, last] }) => first <= now && now <= last), "lapsed");
}

function number(element) {
  const { content } = element;
  require(content.length && content.length < 34 && content[0] < 128, "signature");
  require(content[0] > 0 || (content.length > 1 && content[1] > 127), "signature");
  const plain = content[0] ? content : content.subarray(1);
  require(plain.length < 33, "signature");
  return joined(new Uint8Array(32 - plain.length), plain);
}

function nameIn(subject) {
  for (const part of inside(subject)) {
    const [kind, value] = inside(inside(part)[0]);
    if (isSame(kind.whole, COMMON_NAME)) return toText(value.content);
  }
  return "";
}

function isAuthority(extensions) {
  const all = inside(inside(extensions, SEQUENCE)[0]).map(one => inside(one));
  const found = all.find(([oid]) => isSame(oid.whole, CONSTRAINTS));
  require(found && found.at(-1).tag === OCTETS && found[0].tag === OID, "certificate");
  const [first] = inside(only(found.at(-1).content, SEQUENCE));
  return Boolean(first) && isSame(first.whole, IS_AUTHORITY);
}

/** Return a moment of a certificate; two digits of a year mean 1950 to 2049 (RFC 5280, 4.1.2.5). */
function moment(element) {
  let digits = toText(element.content);
  if (element.tag === 0x17) digits = (digits < "5" ? "20" : "19") + digits;
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) || [];
  require(parts.length, "certificate");
  const [year, month, ...rest] = parts.map(Number);
  return Date.UTC(year, month - 1, ...rest);
}
