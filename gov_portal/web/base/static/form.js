// Keep what is typed on a form page while it is typed, and make photos small before they are sent.
// Everything here also works without it: the button keeps the page, and the server shrinks photos.
(() => {
  "use strict";
  const PAUSE = 1500, AGAIN = 10000, LONGEST_SIDE = 2000, ENOUGH = 1024 * 1024, QUALITY = 0.85;
  const told = document.getElementById("kept");
  if (!told) return;
  const words = told.dataset;
  const form = document.querySelector("form[data-keep]") || told.closest("form");
  const keep = form.dataset.keep, files = () => [...form.querySelectorAll("input[type=file]")];

  const fill = (text, places) => text.replace(/\{(\w+)\}/g, (_, name) => places[name]);
  function element(tag, attributes, text) {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(pair => made.setAttribute(...pair));
    if (text) made.textContent = text;
    return made;
  }
  function tell(text, tone, link) {
    if (told.firstChild && told.firstChild.nodeValue === text) return;
    told.className = `kept ${tone || "muted"}`;
    told.textContent = text;
    if (link) told.append(" ", link);
  }
  const wrong = (text, link) => tell(text, "wrong-line", link);

  // Saving while one types.
  let timer = 0, flight = null, onItsWay = null, isMoved = false, isOver = false, isLeaving = false;

  function answers() {
    const data = new FormData(form);
    files().forEach(input => data.delete(input.name));
    return data;
  }
  function shown() {
    const data = answers();
    data.delete("csrf_token");
    data.delete("mark");
    return new URLSearchParams(data).toString();
  }
  let last = shown();

  function read(status, text) {
    let body = {};
    try { body = JSON.parse(text); } catch { /* a proxy's own page */ }
    return { status, body };
  }
  async function asked(body, keepalive) {
    const headers = { Accept: "application/json" };
    const answer = await fetch(keep, { method: "POST", body, redirect: "error", headers, keepalive });
    return read(answer.status, await answer.text());
  }
  function sent(body, progress) {
    return new Promise((resolve, reject) => {
      const wire = new XMLHttpRequest();
      wire.open("POST", keep);
      wire.setRequestHeader("Accept", "application/json");
      wire.upload.onprogress = event => { if (event.lengthComputable) progress(event.loaded / event.total); };
      wire.onload = () => resolve(read(wire.status, wire.responseText));
      wire.onerror = wire.onabort = reject;
      wire.send(body);
    });
  }
  function settle({ body, status }, kept) {
    isOver = status === 401 || body.code === "http.400" || body.code === "csrf";
    if (status === 200) {
      last = kept;
      form.elements.mark.value = body.mark;
      tell(fill(words.saved, { time: body.saved }));
    } else if (body.code === "case.page-moved") {
      isMoved = true;
      wrong(words.moved, element("a", { href: location.href }, words.newest));
    } else if (isOver) {
      wrong(words.over, element("a", { href: words.door, target: "_blank", rel: "opener" }, words.signIn));
    } else if (status >= 500 || status === 429 || !status) {
      failed();
    } else {
      wrong(body.detail || words.failed);
    }
  }
  function failed() {
    wrong(navigator.onLine === false ? words.offline : words.failed);
    soon(AGAIN);
  }
  function fly(work, kept) {
    onItsWay = kept;
    flight = work.then(answer => { settle(answer, kept); return answer; }, () => { if (!isLeaving) failed(); })
      .then(answer => { flight = onItsWay = null; return answer; });
    return flight;
  }
  function save(isLast) {
    clearTimeout(timer);
    if (!keep || isMoved || isOver || [last, onItsWay].includes(shown())) return;
    if (flight && !isLast) soon(); else fly(asked(answers(), isLast), shown());
  }
  function soon(pause = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(save, pause, false);
  }
  async function renew() {
    if (!isOver || document.hidden) return;
    try {
      const text = await (await fetch(location.href)).text();
      const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("form[data-keep] [name=csrf_token]");
      if (!fresh) return;
      form.elements.csrf_token.value = fresh.value;
      isOver = false;
      save(false);
    } catch { /* still away */ }
  }
  if (keep) {
    const typed = ({ target }) => { if (target.type !== "file") soon(); };
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); else renew(); });
    addEventListener("pagehide", () => save(true));
    addEventListener("focus", renew);
    addEventListener("online", () => save(false));
  }
  form.addEventListener("submit", event => {
    clearTimeout(timer);
    isLeaving = true;
    if (flight) {
      // What is on its way arrives first, or the page would seem to come from another window.
      event.preventDefault();
      const button = event.submitter;
      flight.then(() => { isLeaving = false; form.requestSubmit(button); });
      return;
    }
    last = shown();
    if (files().some(({ files: [file] }) => file && file.size > ENOUGH)) tell(words.sending);
  });
  addEventListener("pageshow", event => { if (event.persisted && shown() === last) location.reload(); });

  // Photos: taken with the camera, shown, made small, sent at once.
  const decode = async file => createImageBitmap(file, { imageOrientation: "from-image" });
  function drawn(picture) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = element("canvas", { role: "img" }), pen = canvas.getContext("2d");
    for (const side of ["width", "height"]) canvas[side] = Math.max(1, Math.round(picture[side] * scale));
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
  async function small(file, canvas, picture) {
    if (file.type === "image/png" && file.size <= ENOUGH && canvas.width === picture.width) return file;
    const blob = await new Promise(done => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob ? new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" }) : file;
  }
  function put(input, file) {
    const shelf = new DataTransfer();
    shelf.items.add(file);
    input.files = shelf.files;
  }
  const size = bytes => bytes >= ENOUGH ? `${(bytes / ENOUGH).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;

  function picker(input) {
    const label = input.closest(".field").querySelector("label").textContent.trim(), isPicture = /image\//.test(input.accept);
    const box = element("div", { class: "chosen" });
    let stored = form.elements[`${input.name}.stored`], camera = null;
    const before = stored ? stored.value : "";
    input.after(box);

    function button(text, act) {
      const made = element("button", { type: "button", class: "button second" }, text);
      made.append(element("span", { class: "visually-hidden" }, label));
      made.addEventListener("click", act);
      return made;
    }
    function choose(fromCamera) {
      if (fromCamera) input.setAttribute("capture", "environment");
      input.click();
      input.removeAttribute("capture");
    }
    function keepAs(id) {
      if (!stored) form.append(stored = element("input", { type: "hidden", name: `${input.name}.stored` }));
      stored.value = id;
    }
    function hide(isHidden) {
      input.hidden = isHidden;
      if (camera) camera.hidden = isHidden;
    }
    function clear() {
      box.textContent = "";
      hide(false);
      input.value = "";
    }
    function giveBack() {
      clear();
      input.focus();
      keepAs(before);
    }
    function refuse(text) {
      giveBack();
      box.append(element("p", { class: "field-error", role: "alert" }, text));
    }
    function show(file, canvas) {
      const hadFocus = document.activeElement === input, about = { name: file.name, size: size(file.size) };
      clear();
      put(input, file);
      if (canvas) {
        canvas.setAttribute("aria-label", fill(words.preview, about));
        box.append(canvas);
      }
      const line = element("p", { role: "status" }, fill(words.chosen, about)), acts = element("div", { class: "buttons" });
      acts.append(button(words.replace, () => choose(false)), button(words.remove, () => { giveBack(); soon(); }));
      box.append(line, acts);
      hide(true);
      if (hadFocus) acts.firstChild.focus();
      return line;
    }
    async function send(file, line) {
      if (!keep || isMoved || isOver) return;
      const about = { name: file.name, size: size(file.size) };
      const bar = element("progress", { max: "1", value: "0", "aria-label": fill(words.uploading, about) });
      if (file.size > ENOUGH / 4) line.after(bar);
      await flight;
      const body = answers();
      body.set(input.name, file);
      const answer = await fly(sent(body, done => { bar.value = done; }), shown());
      bar.remove();
      if (!answer || answer.status !== 200) return;
      const fault = answer.body.faults[input.name];
      if (fault) refuse(fault);
      else {
        keepAs(answer.body.files[input.name]);
        input.value = "";
        line.textContent = fill(words.uploaded, about);
      }
      last = shown();
    }
    input.addEventListener("change", async () => {
      const file = input.files[0];
      if (!file) return;
      if (file.type === "application/pdf" || !isPicture) { send(file, show(file)); return; }
      try {
        const picture = await decode(file), canvas = drawn(picture), made = await small(file, canvas, picture);
        picture.close();
        send(made, show(made, canvas));
      } catch {
        if (/hei[cf]/i.test(file.type + file.name)) refuse(words.heic); else send(file, show(file));
      }
    });
    if (isPicture && matchMedia("(pointer: coarse)").matches) {
      camera = button(words.camera, () => choose(true));
      input.before(camera);
    }
  }
  if (window.DataTransfer) files().forEach(picker);
})();
