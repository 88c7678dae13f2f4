/** Take files from the page and tell what was found, in both languages at once. */
import { fromBase64, toText } from "./bytes.js";
import { certificate } from "./certificates.js";
import { readList } from "./tokens.js";
import { judge } from "./verdict.js";

const DAY = 24 * 3600 * 1000;
const { words, root, lists, ...rest } = JSON.parse(document.getElementById("given").textContent);
const given = { ...rest, root: certificate(fromBase64(root)), lists: new Map(), now: Date.now() };
const at = id => document.getElementById(id);

/** Return an element with a text in both languages; the style sheet shows the one that was chosen. */
function both(name, [chinese, english]) {
  const made = document.createElement(name);
  for (const [language, text] of [["zh-CN", chinese], ["en", english]]) {
    const part = document.createElement("span");
    part.lang = language;
    part.textContent = text;
    made.append(part);
  }
  return made;
}

const filled = (pair, values) => pair.map(text => text.replace(/\{(\w+)\}/g, (_, name) => values[name]));
const day = moment => new Date(moment + 8 * 3600 * 1000).toISOString().slice(0, 10);

function fact(label, value) {
  const row = document.createElement("div"), said = document.createElement("dd");
  if (Array.isArray(value)) said.append(both("span", value));
  else if (/^data:image\/jpeg;base64,/.test(value)) said.append(Object.assign(new Image(), { src: value, alt: "" }));
  else said.textContent = value ?? "–";
  row.append(both("dt", words[label] || [label, label]), said);
  return row;
}

function facts({ authority, claims, values = [] }) {
  const made = document.createElement("dl");
  made.className = "facts";
  const { name, identifier, number, issued_on, valid_until } = claims ? claims.licence : {};
  const known = { authority };
  if (claims) Object.assign(known, { name, identifier, number, issued_on, valid_until: valid_until ?? words.forever });
  if (claims && claims.copy) known.copy_until = claims.copy.valid_until;
  for (const [label, value] of Object.entries(known)) made.append(fact(label, value));
  for (const [name, value] of values) made.append(fact(`value-${name}`, words[`value-${name}-${value}`] || value));
  return made;
}

/** Return which list was asked, and how old it is. */
function listLine(list) {
  const days = Math.max(0, Math.floor((given.now - list.builtAt) / DAY));
  const isOld = list.expiresAt < given.now;
  return both("p", filled(words[isOld ? "list-old" : "list-age"], { on: day(list.builtAt), days }));
}

function show({ state, why, found, list }) {
  const banner = document.createElement("section"), [tone, ...pair] = words[`is-${state}`];
  banner.className = `banner ${tone}`;
  banner.append(both("h2", pair), both("p", words[`why-${why}`] || words[`so-${state}`]));
  if (list) banner.append(listLine(list));
  const result = at("result");
  result.dataset.state = state;
  result.replaceChildren(banner, ...(found ? [facts(found), checks(state, why, found)] : []));
  result.focus();
}

function checks(state, why, { claims }) {
  const made = document.createElement("section"), done = document.createElement("ul");
  const told = why ? [words[`fault-${why}`] || words["fault-other"]] : [words["did-chain"], words["did-whole"]];
  if (claims) told.push(words["did-days"], words[state === "unlisted" ? "not-listed" : "did-listed"]);
  for (const one of told) done.append(both("li", one));
  made.append(both("h3", words.checked), done, both("p", filled(words.today, { on: day(given.now) })));
  return made;
}

async function takeList(text) {
  const list = await readList(text, given), known = given.lists.get(list.uri);
  if (!known || known.builtAt <= list.builtAt) given.lists.set(list.uri, list);
}

function tellLists() {
  const told = [...given.lists.values()].map(listLine);
  at("lists").replaceChildren(...(told.length ? told : [both("p", words["no-list"])]));
}

async function bytesOf(file) {
  return new Uint8Array(file && file.size ? await file.arrayBuffer() : new TextEncoder().encode(at("pasted").value));
}

at("check").addEventListener("submit", async event => {
  event.preventDefault();
  given.now = Date.now();
  show(await judge(await bytesOf(at("licence").files[0]), given));
});
at("list").addEventListener("change", async ({ target }) => {
  const isTaken = await bytesOf(target.files[0]).then(bytes => takeList(toText(bytes))).then(() => true, () => false);
  tellLists();
  if (!isTaken) at("lists").prepend(both("p", words["bad-list"]));
});
at("language").addEventListener("click", () => {
  const page = document.documentElement;
  page.lang = page.lang === "en" ? "zh-CN" : "en";
});
Promise.allSettled(lists.map(takeList)).then(tellLists);
