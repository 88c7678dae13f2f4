// Keep what is typed on a form page while it is typed, and make photos small before they are sent.
// Everything here also works without it: the button keeps the page, and the server shrinks photos.
(function () {
  "use strict";
  var PAUSE = 1500, AGAIN = 10000, LONGEST_SIDE = 2000, ENOUGH = 1024 * 1024, QUALITY = 0.85;
  var told = document.getElementById("kept");
  if (!told || !window.fetch || !window.FormData) return;
  var words = told.dataset;
  var form = document.querySelector("form[data-keep]") || told.closest("form");

  function fill(text, places) {
    return text.replace(/\{(\w+)\}/g, function (_, name) { return places[name]; });
  }
  function element(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text) made.textContent = text;
    return made;
  }
  function tell(text, tone, link) {
    if (told.firstChild && told.firstChild.nodeValue === text) return;
    told.className = "kept " + (tone || "muted");
    told.textContent = text;
    if (link) told.append(" ", link);
  }

  // Saving while one types.
  var timer = 0, flight = null, onItsWay = null, isMoved = false, isOver = false, isLeaving = false;

  function answers() {
    var data = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach(function (input) { data.delete(input.name); });
    return data;
  }
  function shown() {
    var data = answers();
    data.delete("csrf_token");
    data.delete("mark");
    return new URLSearchParams(data).toString();
  }
  var last = shown();

  function asked(body, more) {
    return fetch(form.dataset.keep, Object.assign({
      method: "POST", body: body, credentials: "same-origin", redirect: "error", headers: { Accept: "application/json" }
    }, more)).then(function (answer) { return read(answer.status, answer.text()); });
  }
  function sent(body, progress) {
    return new Promise(function (resolve, reject) {
      var wire = new XMLHttpRequest();
      wire.open("POST", form.dataset.keep);
      wire.setRequestHeader("Accept", "application/json");
      wire.upload.onprogress = function (event) { if (event.lengthComputable) progress(event.loaded / event.total); };
      wire.onload = function () { resolve(read(wire.status, wire.responseText)); };
      wire.onerror = wire.onabort = reject;
      wire.send(body);
    });
  }
  function read(status, text) {
    return Promise.resolve(text).then(function (content) {
      var body = {};
      try { body = JSON.parse(content); } catch (error) { /* a proxy's own page */ }
      return { status: status, body: body };
    });
  }
  function settle(answer, kept) {
    var body = answer.body, status = answer.status;
    isOver = status === 401 || body.code === "http.400" || body.code === "csrf";
    if (status === 200) {
      last = kept;
      form.elements.mark.value = body.mark;
      tell(fill(words.saved, { time: body.saved }));
    } else if (body.code === "case.page-moved") {
      isMoved = true;
      tell(words.moved, "wrong-line", element("a", { href: location.href }, words.newest));
    } else if (isOver) {
      tell(words.over, "wrong-line", element("a", { href: words.door, target: "_blank", rel: "opener" }, words.signIn));
    } else if (status >= 500 || status === 429 || !status) {
      failed();
    } else {
      tell(body.detail || words.failed, "wrong-line");
    }
    return answer;
  }
  function failed() {
    tell(navigator.onLine === false ? words.offline : words.failed, "wrong-line");
    clearTimeout(timer);
    timer = setTimeout(save, AGAIN);
  }
  function fly(work, kept) {
    onItsWay = kept;
    flight = work.then(function (answer) { return settle(answer, kept); }, function () { if (!isLeaving) failed(); })
      .then(function (answer) { flight = onItsWay = null; return answer; });
    return flight;
  }
  function save(isLast) {
    clearTimeout(timer);
    if (!form.dataset.keep || isMoved || isOver || shown() === last || shown() === onItsWay) return;
    if (flight && isLast !== true) { timer = setTimeout(save, PAUSE); return; }
    fly(asked(answers(), { keepalive: isLast === true }), shown());
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }
  function renew() {
    if (!isOver || document.hidden) return;
    fetch(location.href, { credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("form[data-keep] [name=csrf_token]");
      if (!fresh) return;
      form.elements.csrf_token.value = fresh.value;
      isOver = false;
      save();
    }, function () { /* still away */ });
  }
  if (form.dataset.keep) {
    form.addEventListener("input", function (event) { if (event.target.type !== "file") soon(); });
    form.addEventListener("change", function (event) { if (event.target.type !== "file") soon(); });
    document.addEventListener("visibilitychange", function () { if (document.hidden) save(true); else renew(); });
    window.addEventListener("pagehide", function () { save(true); });
    window.addEventListener("focus", renew);
    window.addEventListener("online", function () { save(); });
  }
  form.addEventListener("submit", function (event) {
    clearTimeout(timer);
    isLeaving = true;
    if (flight) {
      // What is on its way arrives first, or the page would seem to come from another window.
      event.preventDefault();
      var button = event.submitter;
      flight.then(function () { isLeaving = false; form.requestSubmit(button); });
      return;
    }
    last = shown();
    var isLarge = [].some.call(form.querySelectorAll("input[type=file]"), function (input) { return input.files[0] && input.files[0].size > ENOUGH; });
    if (isLarge) tell(words.sending);
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted && shown() === last) location.reload(); });

  // Photos: taken with the camera, shown, made small, sent at once.
  function decode(file) {
    return window.createImageBitmap ? createImageBitmap(file, { imageOrientation: "from-image" }) : Promise.reject();
  }
  function drawn(picture) {
    var scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    var canvas = element("canvas", { role: "img" });
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    var pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
  function small(file, canvas, picture) {
    var isFine = file.type === "image/png" && file.size <= ENOUGH && canvas.width === picture.width;
    if (isFine) return Promise.resolve(file);
    return new Promise(function (resolve) {
      canvas.toBlob(function (blob) {
        resolve(blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file);
      }, "image/jpeg", QUALITY);
    });
  }
  function put(input, file) {
    var shelf = new DataTransfer();
    shelf.items.add(file);
    input.files = shelf.files;
  }
  function size(bytes) {
    return bytes >= ENOUGH ? (bytes / ENOUGH).toFixed(1) + " MB" : Math.max(1, Math.round(bytes / 1024)) + " KB";
  }

  function picker(input) {
    var field = input.closest(".field"), label = field.querySelector("label").textContent.trim();
    var isPicture = /image\//.test(input.accept);
    var stored = form.elements[input.name + ".stored"], before = stored ? stored.value : "";
    var box = element("div", { "class": "chosen" }), camera = null;
    input.after(box);

    function button(text, image, act) {
      var made = element("button", { type: "button", "class": "button second" }, text);
      made.append(element("span", { "class": "visually-hidden" }, label));
      made.addEventListener("click", act);
      return made;
    }
    function choose(fromCamera) {
      if (fromCamera) input.setAttribute("capture", "environment"); else input.removeAttribute("capture");
      input.click();
      input.removeAttribute("capture");
    }
    function keepAs(id) {
      if (!stored) { stored = element("input", { type: "hidden", name: input.name + ".stored" }); form.append(stored); }
      stored.value = id;
    }
    function clear(focus) {
      box.textContent = "";
      input.hidden = false;
      if (camera) camera.hidden = false;
      input.value = "";
      if (focus) input.focus();
    }
    function refuse(text) {
      clear(true);
      keepAs(before);
      box.append(element("p", { "class": "field-error", role: "alert" }, text));
    }
    function show(file, canvas) {
      var hadFocus = document.activeElement === input;
      clear();
      put(input, file);
      if (canvas) {
        canvas.setAttribute("aria-label", fill(words.preview, { name: file.name }));
        box.append(canvas);
      }
      var line = element("p", { role: "status" }, fill(words.chosen, { name: file.name, size: size(file.size) }));
      var acts = element("div", { "class": "buttons" });
      acts.append(button(words.replace, "", function () { choose(false); }), button(words.remove, "", function () {
        clear(true);
        keepAs(before);
        soon();
      }));
      box.append(line, acts);
      input.hidden = true;
      if (camera) camera.hidden = true;
      if (hadFocus) acts.firstChild.focus();
      return line;
    }
    function send(file, line) {
      if (!form.dataset.keep || isMoved || isOver) return;
      var bar = element("progress", { max: "1", value: "0", "aria-label": fill(words.uploading, { name: file.name }) });
      if (file.size > ENOUGH / 4) line.after(bar);
      var wait = flight || Promise.resolve();
      wait.then(function () {
        var body = answers();
        body.set(input.name, file);
        return fly(sent(body, function (done) { bar.value = done; }), shown());
      }).then(function (answer) {
        bar.remove();
        if (!answer || answer.status !== 200) return;
        if (answer.body.faults[input.name]) { refuse(answer.body.faults[input.name]); last = shown(); return; }
        keepAs(answer.body.files[input.name]);
        input.value = "";
        line.textContent = fill(words.uploaded, { name: file.name, size: size(file.size) });
        last = shown();
      });
    }
    input.addEventListener("change", function () {
      var file = input.files[0];
      if (!file) return;
      if (file.type === "application/pdf" || !isPicture) { send(file, show(file)); return; }
      decode(file).then(function (picture) {
        var canvas = drawn(picture);
        return small(file, canvas, picture).then(function (made) { picture.close(); send(made, show(made, canvas)); });
      }).catch(function () {
        if (/hei[cf]/i.test(file.type + file.name)) refuse(words.heic); else send(file, show(file));
      });
    });
    if (isPicture && window.matchMedia("(pointer: coarse)").matches) {
      camera = button(words.camera, "", function () { choose(true); });
      input.before(camera);
    }
  }
  if (window.DataTransfer) form.querySelectorAll("input[type=file]").forEach(picker);
})();
