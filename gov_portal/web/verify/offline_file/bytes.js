/** Turn bytes into texts and back; whatever has more than one spelling is refused. */

export class Refused extends Error {}

export function require(claim, why) {
  if (!claim) throw new Refused(why);
}

export function joined(...pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export const isSame = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

export const fromHex = text => Uint8Array.from(text.match(/../g) || [], pair => parseInt(pair, 16));

export const fromBase64 = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

export function toBase64Url(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromBase64Url(text) {
  require(/^[\w-]*$/.test(text) && text.length % 4 !== 1, "base64url");
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  require(toBase64Url(bytes) === text, "base64url");
  return bytes;
}

export const toText = bytes => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

export const fromText = text => new TextEncoder().encode(text);

export const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
