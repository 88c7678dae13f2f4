/** Check the seal of a PDF (PAdES): whose it is, and that not one byte was changed since. */
import { Refused, require, isSame, joined, fromHex, sha256, toText } from "./bytes.js";
import { OCTETS, OID, SEQUENCE, SET, UTF8, element, inside, only, written } from "./der.js";
import { ECDSA, certificate, follow, hasSigned } from "./certificates.js";

const OIDS = {
  type: "06092a864886f70d010903", digest: "06092a864886f70d010904", signer: "060b2a864886f70d010910022f",
};
const DATA = fromHex("06092a864886f70d010701"), SIGNED = fromHex("06092a864886f70d010702");
const SHA256 = fromHex("300d06096086480165030402010500"), ONE = fromHex("020101");
const LEAST = 1000, MOST = 40000, SEALS = 4;
const RANGE = /\/ByteRange\s{0,8}\[\s{0,8}(\d{1,9})\s{1,8}(\d{1,9})\s{1,8}(\d{1,9})\s{1,8}(\d{1,9})\s{0,8}\]/;

/** Return `{authority, claims, fault}` of the first seal of ours in a file; claims are `null` where it has none. */
export async function readSeal(pdf, { root, claimsOid, now }) {
  for (const place of places(pdf)) {
    let seal;
    try {
      seal = opened(pdf, place, root);
      await follow(seal.by, seal.above, root, now);
    } catch (error) {
      if (error.message === "lapsed") return { authority: seal.by.name, claims: null, fault: "lapsed" };
      continue;
    }
    return { authority: seal.by.name, ...(await checked(pdf, place, seal, claimsOid)) };
  }
  throw new Refused("seal");
}

/** Return where hexadecimal texts stand that may be seals; the work grows with the length of the file only. */
function places(pdf) {
  const found = [];
  for (let at = pdf.indexOf(0x3c); at >= 0 && found.length < SEALS; at = pdf.indexOf(0x3c, at)) {
    let end = at + 1;
    while (isHex(pdf[end])) end++;
    const length = end - at - 1;
    if (pdf[end] === 0x3e && length >= LEAST && length <= MOST && length % 2 === 0) found.push({ at, end: end + 1 });
    at = end;
  }
  return found;
}

const isHex = byte => (byte > 47 && byte < 58) || (byte > 64 && byte < 71);

function opened(pdf, { at, end }, root) {
  const bytes = fromHex(toText(pdf.subarray(at + 1, end - 1)));
  const outer = element(bytes);
  const [, wrapped] = inside(outer, OID, 0xa0);
  const [, , , certificates, signers] = inside(inside(wrapped, SEQUENCE)[0]);
  const all = inside(certificates).map(one => certificate(one.whole));
  require(all.length === 3 && all.some(one => isSame(one.der, root.der)), "chain");
  const [signer] = inside(signers, SEQUENCE);
  const [issuer, serial] = inside(inside(signer)[1]);
  const by = all.find(one => isSame(one.issuer, issuer.whole) && isSame(one.serial, serial.whole));
  const above = all.find(one => by && one !== by && isSame(one.subject, by.issuer));
  require(by && above, "chain");
  return { bytes, outer, certificates, signer, by, above };
}

async function checked(pdf, place, seal, claimsOid) {
  try {
    require(covers(pdf, place), "covers");
    const [, , , signed, , signature] = inside(seal.signer);
    const attributes = attributesIn(signed);
    const told = only(attributes.get(OIDS.digest), OCTETS).content;
    require(isSame(told, await sha256(joined(pdf.subarray(0, place.at), pdf.subarray(place.end)))), "digest");
    require(isAsWritten(seal, signed, signature), "container");
    const binding = attributes.get(OIDS.signer), own = await sha256(seal.by.der);
    require(holds(binding, own) && isSame(attributes.get(OIDS.type), DATA), "signature");
    const bytes = joined([SET], signed.whole.subarray(1));
    require(signature.tag === OCTETS && (await hasSigned(seal.by, bytes, signature.content)), "signature");
    const claims = attributes.get(claimsOid);
    return { claims: claims ? JSON.parse(toText(only(claims, UTF8).content)) : null, fault: "" };
  } catch (error) {
    return { claims: null, fault: error instanceof Refused ? error.message : "container" };
  }
}

function covers(pdf, { at, end }) {
  const found = RANGE.exec(new TextDecoder("latin1").decode(pdf));
  if (!found) return false;
  const [start, length, again, rest] = found.slice(1).map(Number);
  return start === 0 && length === at && again === end && again + rest === pdf.length;
}

function attributesIn(signed) {
  const found = new Map();
  for (const one of inside(signed)) {
    const [oid, values] = inside(one, OID, SET);
    const name = [...oid.whole].map(byte => byte.toString(16).padStart(2, "0")).join("");
    require(!found.has(name), "container");
    found.set(name, inside(values)[0].whole);
  }
  require(Object.values(OIDS).every(name => found.has(name)), "container");
  return found;
}

/** Tell whether each byte around the signature is the one that we write there; no signature covers them. */
function isAsWritten({ bytes, outer, certificates, signer, by }, signed, signature) {
  const unsigned = inside(signer)[6];
  const told = written(SEQUENCE, ONE, written(SEQUENCE, by.issuer, by.serial), SHA256, signed.whole, ECDSA,
    signature.whole, unsigned ? unsigned.whole : new Uint8Array());
  const content = written(SEQUENCE, ONE, written(SET, SHA256), written(SEQUENCE, DATA), certificates.whole,
    written(SET, told));
  const expected = written(SEQUENCE, SIGNED, written(0xa0, content));
  return isSame(expected, outer.whole) && bytes.subarray(outer.end).every(byte => byte === 0);
}

function holds(bytes, part) {
  return bytes.some((_, at) => isSame(bytes.subarray(at, at + part.length), part));
}
