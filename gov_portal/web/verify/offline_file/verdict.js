/** Decide in one word how it stands with what somebody brought. */
import { Refused, toText } from "./bytes.js";
import { readSeal } from "./seal.js";
import { readLicence, saidAt } from "./tokens.js";

const LARGEST = 32 * 1024 * 1024, PDF = "%PDF-", WITHIN = 1024;

/** Return `{state, why, found, list}`; never fails, whatever the bytes are. */
export async function judge(bytes, given) {
  try {
    if (bytes.length > LARGEST) return { state: "unknown", why: "large" };
    const head = new TextDecoder("latin1").decode(bytes.subarray(0, WITHIN));
    if (head.includes(PDF)) return standing(await readSeal(bytes, given), given);
    const text = toText(bytes).trim();
    if (!text) return { state: "unknown", why: "empty" };
    if (text.startsWith("{")) return { state: "unknown", why: "unsigned" };
    return standing(await readLicence(text, given), given);
  } catch (error) {
    return { state: "unknown", why: error instanceof Refused && error.message in WHY ? WHY[error.message] : "foreign" };
  }
}

const WHY = { lapsed: "lapsed", seal: "no-seal" };

function standing(found, { lists, now }) {
  if (found.fault === "lapsed") return { state: "unknown", why: "lapsed", found };
  if (found.fault) return { state: "altered", why: found.fault, found };
  if (!found.claims) return { state: "sealed", why: "", found };
  const { status, licence, exp, nbf } = found.claims, place = status.status_list;
  if (licence.issuer !== found.authority) return { state: "unknown", why: "foreign" };
  const list = lists.get(place.uri), said = list && saidAt(list, place.idx);
  const state = stateOf(said, { exp: exp * 1000, nbf: nbf * 1000, now });
  return { state: state === "valid" && found.claims.copy ? "copy" : state, why: "", found, list };
}

function stateOf(said, { exp, nbf, now }) {
  if (said === 1) return "revoked";
  if (said === 3) return "superseded";
  if (exp <= now) return "expired";
  if (nbf > now) return "early";
  return said === 0 ? "valid" : "unlisted";
}
