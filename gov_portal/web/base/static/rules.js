// Show and hide the fields of a form as one types, by the same rules as the server (workflows/domain/expressions.py).
// Numbers are exact: {n: digits, s: places}; days are {t: days since 1970}; what throws is absent.
(() => {
  "use strict";
  const DAY = 864e5;
  const need = v => { if (v == null) throw Error("absent"); return v; };
  const num = v => { const [a, b = ""] = `${v}`.split("."); return { n: BigInt(a + b), s: b.length }; };
  const day = (y, m, d) => ({ t: Date.UTC(y, m - 1, d) / DAY });
  const iso = v => day(...v.split("-"));
  const ten = s => 10n ** BigInt(s);
  const both = (a, b, f) => { const s = Math.max(a.s, b.s); return f(a.n * ten(s - a.s), b.n * ten(s - b.s), s); };
  const order = (a, b) => "t" in a ? a.t - b.t : both(a, b, (x, y) => x < y ? -1 : x > y ? 1 : 0);
  const same = (a, b) => a.map ? a.length === b.length && a.every((x, i) => same(x, b[i])) : typeof a === "object" ? !order(a, b) : a === b;
  const part = d => { const x = new Date(d.t * DAY); return [x.getUTCFullYear(), x.getUTCMonth(), x.getUTCDate()]; };
  const compare = (sign, a, b) => sign === "==" ? same(a, b) : sign === "!=" ? !same(a, b)
    : (sign[0] === "<" ? order(b, a) : order(a, b)) > (sign[1] ? -1 : 0);
  const COUNT = {
    "+": (a, b) => both(a, b, (x, y, s) => ({ n: x + y, s })), "-": (a, b) => both(a, b, (x, y, s) => ({ n: x - y, s })),
    "*": (a, b) => ({ n: a.n * b.n, s: a.s + b.s })
  };
  function divided(n, d, mode) {
    if (d < 0n) { n = -n; d = -d; }
    let q = n / d, r = n % d;
    if (r < 0n) { q--; r += d; }
    const half = 2n * r - d;
    const tie = mode === "half_up" ? n > 0n : q % 2n;
    return (mode === "up" ? r : mode !== "down" && (half > 0n || !half && tie)) ? q + 1n : q;
  }
  function months(a, b) {
    if (b.t < a.t) return -months(b, a);
    const [y, m, d] = part(a), [year, month, date] = part(b), last = part(day(year, month + 2, 0))[2];
    return (year - y) * 12 + month - m - (date < Math.min(d, last));
  }
  const CALL = {
    today: t => t, years: (t, a, b = t) => num(Math.trunc(months(a, b) / 12)), months: (t, a, b = t) => num(months(a, b)),
    days: (t, a, b = t) => num(b.t - a.t), year: (t, a) => num(part(a)[0]), len: (t, a) => num([...a].length),
    abs: (t, a) => ({ n: a.n < 0n ? -a.n : a.n, s: a.s }), sum: (t, ...v) => v.reduce(COUNT["+"]),
    min: (t, ...v) => v.reduce((a, b) => order(b, a) < 0 ? b : a), max: (t, ...v) => v.reduce((a, b) => order(b, a) > 0 ? b : a),
    any: (t, ...v) => v.includes(true), all: (t, ...v) => !v.some(x => x !== true),
    ratio: (t, a, b, mode) => ({ n: divided(a.n, b.n * ten(a.s), mode), s: 0 }),
    round: (t, a, b, mode) => ({ n: divided(a.n * ten(b.n), ten(a.s), mode), s: Number(b.n) })
  };
  function inside(outer, inner) {
    while (outer.length > 6 && outer.endsWith("000")) outer = outer.slice(0, -3);
    while (outer && outer.length < 7 && outer.endsWith("00")) outer = outer.slice(0, -2);
    return inner.startsWith(outer);
  }
  function run(tree, at) {
    const [form, a, b, c] = tree, go = x => run(x, at);
    switch (form) {
      case "const": return typeof a === "number" ? num(a) : a;
      case "date": return iso(a);
      case "decimal": return num(a);
      case "field": return need(at.values[a]);
      case "let": return need(at.lets[a]);
      case "has": return !tree.slice(1).some(path => at.values[path] == null);
      case "default": return at.values[a] ?? go(b);
      case "not": return !go(a);
      case "and": case "or": {
        const wins = form === "or", left = value(a, at);
        if (left === wins) return wins;
        const right = left == null ? value(b, at) : go(b);
        return left != null || right === wins ? right === true : need();
      }
      case "cmp": return compare(a, go(b), go(c));
      case "arith": return COUNT[a](go(b), go(c));
      case "in": { const x = go(a); return b.some(one => same(x, go(one))); }
      case "in-field": { const x = go(a); return go(b).some(one => same(x, one)); }
      case "within": { const x = go(a); return inside(go(b), x); }
      case "call": return CALL[a](at.today, ...tree.slice(2).map(go));
    }
    return need();
  }
  function value(tree, at) { try { return run(tree, at); } catch { return undefined; } }
  if (!globalThis.document) { globalThis.rules = { value, same, iso }; return; }

  const form = document.querySelector("[data-rules]");
  if (!form) return;
  const { today, kinds, lets, rules } = JSON.parse(form.dataset.rules), paths = Object.keys(rules);
  form.querySelectorAll("template").forEach(one => one.replaceWith(one.content));
  const asked = document.createElement("input");
  asked.type = "hidden";
  asked.name = "asked";
  form.append(asked);
  const box = path => form.querySelector(`[data-field="${path}"]`);
  const plain = (x, unit) => /^-?\d+(\.\d+)?$/.test(x) ? COUNT["*"](num(x), num(unit)) : null;
  const READ = {
    text: x => x || null, bool: x => x ? x === "true" : null, int: x => plain(x, 1), money: x => plain(x, 100),
    list: (x, d, p) => d.getAll(p).length ? d.getAll(p) : null,
    date: (x, form, p) => {
      const v = ["year", "month", "day"].map(one => +form.get(`${p}.${one}`)), made = day(...v), [y, m, d] = part(made);
      return v[0] === y && v[1] === m + 1 && v[2] === d ? made : null;
    }
  };
  function settle() {
    for (let rest = paths.length + 1, moved = true; moved && rest--;) {
      const data = new FormData(form), at = { values: {}, lets: {}, today: iso(today) };
      for (const path in kinds) at.values[path] = READ[kinds[path]](`${data.get(path) || ""}`.trim(), data, path);
      for (const [name, tree] of lets) at.lets[name] = value(tree, at);
      moved = false;
      for (const path of paths) {
        const own = box(path), isOff = value(rules[path], at) !== true;
        moved ||= own.hidden !== isOff;
        own.hidden = isOff;
        own.querySelectorAll("input, textarea").forEach(one => { one.disabled = isOff; });
      }
      asked.value = paths.filter(path => !box(path).hidden).join(" ");
    }
  }
  settle();
  form.addEventListener("input", settle);
  addEventListener("pageshow", settle);
})();
