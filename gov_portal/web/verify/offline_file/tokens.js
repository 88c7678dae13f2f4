/** Check signed tokens: licences as SD-JWT (RFC 9901) and status lists. */
import { Refused, require, fromBase64, fromBase64Url, fromText, sha256, toBase64Url, toText } from "./bytes.js";
import { certificate, follow, hasSignedRaw } from "./certificates.js";

/** Return `{authority, claims, fault}` of a token of a type. */
export async function readToken(text, type, { root, now }) {
  const [head, body, signature, ...more] = text.split(".");
  let header, by;
  try {
    require(signature && !more.length, "token");
    header = JSON.parse(toText(fromBase64Url(head)));
    const [seal, above] = header.x5c.slice(0, 2).map(one => certificate(fromBase64(one)));
    await follow(seal, above, root, now);
    by = seal;
  } catch (error) {
    throw new Refused(error.message === "lapsed" ? "lapsed" : "token");
  }
  try {
    require(header.alg === "ES256" && header.typ === type && !header.crit, "type");
    require(await hasSignedRaw(by, fromText(`${head}.${body}`), fromBase64Url(signature)), "signature");
    return { authority: by.name, claims: JSON.parse(toText(fromBase64Url(body))), fault: "" };
  } catch (error) {
    return { authority: by.name, claims: null, fault: error instanceof Refused ? error.message : "signature" };
  }
}

/** Return the same of a licence, with what its holder disclosed of the one object that ours conceal. */
export async function readLicence(text, given) {
  const [signed, ...disclosures] = text.split("~");
  require(disclosures.length && disclosures.pop() === "", "token");
  const found = await readToken(signed, "dc+sd-jwt", given);
  if (found.fault) return found;
  try {
    const { values, _sd_alg: algorithm } = found.claims;
    require(algorithm === "sha-256" && Object.keys(values).join() === "_sd", "disclosure");
    found.values = await disclosed(disclosures, values._sd);
    return found;
  } catch {
    return { ...found, claims: null, fault: "disclosure" };
  }
}

async function disclosed(disclosures, digests) {
  const found = new Map(), left = new Set(digests);
  require(left.size === digests.length, "disclosure");
  for (const one of disclosures) {
    require(left.delete(toBase64Url(await sha256(fromText(one)))), "disclosure");
    const [salt, name, value, ...more] = JSON.parse(toText(fromBase64Url(one)));
    require(typeof salt === "string" && typeof name === "string" && !more.length && !found.has(name), "disclosure");
    require(value !== undefined && name !== "_sd" && name !== "...", "disclosure");
    found.set(name, value);
  }
  return found;
}

/** Return a status list as `{uri, builtAt, expiresAt, bytes}`. */
export async function readList(text, given) {
  const { authority, claims, fault } = await readToken(text.trim(), "statuslist+jwt", given);
  require(!fault && authority === given.listedBy && claims.status_list.bits === 2, "list");
  const packed = new Blob([fromBase64Url(claims.status_list.lst)]).stream();
  const bytes = await new Response(packed.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
  return { uri: claims.sub, builtAt: claims.iat * 1000, expiresAt: claims.exp * 1000, bytes: new Uint8Array(bytes) };
}

/** Return what a list says of a place: 0 valid, 1 revoked, 3 superseded; `undefined` of a place that it has not. */
export function saidAt(list, place) {
  const byte = Number.isInteger(place) && place >= 0 ? list.bytes[Math.floor(place / 4)] : undefined;
  return byte === undefined ? undefined : (byte >> ((place % 4) * 2)) & 3;
}
