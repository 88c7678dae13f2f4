// Make the officers' desk quicker: keys, papers without a reload, phrases at the cursor, seconds that run down.
// Everything here also works without it, by links, buttons and pages.
(function () {
  "use strict";
  var body = document.body;

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|IFRAME)$/.test(target.tagName) && !/^(radio|checkbox|button|submit)$/.test(target.type);
  }
  function show(element) {
    var box = element.closest("details");
    if (box) box.open = true;
    element.scrollIntoView({ block: "nearest" });
    element.focus();
  }

  // Acts that ask something open where they are.
  function openBox(id) {
    var box = document.getElementById(id);
    if (!box) return false;
    if (box.tagName === "DETAILS") box.open = true;
    box.scrollIntoView({ block: "start" });
    var first = box.querySelector("textarea, select, input:not([type=hidden]), button");
    if (first) first.focus({ preventScroll: true });
    return true;
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-box]");
    if (link && openBox(link.dataset.box)) event.preventDefault();
  });

  // A phrase goes in at the cursor.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-into]");
    if (!button) return;
    var field = document.getElementById(button.dataset.into);
    var select = button.form.elements.snippet;
    event.preventDefault();
    if (!select.value) { select.focus(); return; }
    field.setRangeText(select.options[select.selectedIndex].text, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  });

  // Another paper comes without losing what was typed beside it.
  function swap(address, wanted) {
    return fetch(address, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("papers");
        var old = document.getElementById("papers");
        if (!fresh || !old) throw new Error("no papers");
        old.replaceWith(document.importNode(fresh, true));
        history.replaceState(null, "", address);
        var next = wanted && document.querySelector('#papers [aria-keyshortcuts="' + wanted + '"]') || document.querySelector("#papers a");
        if (next) next.focus({ preventScroll: true });
      })
      .catch(function () { location.assign(address); });
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest('a[href$="#papers"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    event.preventDefault();
    swap(link.href, link.getAttribute("aria-keyshortcuts"));
  });

  // The seconds of an act that can be undone run down; then the page is asked what came of it.
  all("[data-undo]").forEach(function (banner) {
    var left = Number(banner.dataset.undo);
    var words = banner.querySelector(".muted");
    var timer = setInterval(function () {
      left -= 1;
      if (left > 0) { words.textContent = words.textContent.replace(/\d+/, String(left)); return; }
      clearInterval(timer);
      banner.querySelector("form").remove();
      words.remove();
    }, 1000);
  });

  // Keys of one character; nobody has them who switched them off, and none while something is typed.
  function rows() { return all("#rows tbody th a"); }
  function step(by) {
    var links = rows();
    if (!links.length) return false;
    var here = links.indexOf(document.activeElement);
    var next = links[Math.min(Math.max(here + by, 0), links.length - 1)];
    show(next);
    return true;
  }
  function press(key) {
    var target = document.querySelector('[aria-keyshortcuts="' + key + '"]');
    if (!target) return false;
    if (key === "u") show(target); else target.click();
    return true;
  }
  function help() {
    var dialog = document.getElementById("keys-help");
    if (dialog) { dialog.showModal(); return true; }
    fetch(body.dataset.help, { credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        dialog = document.createElement("dialog");
        dialog.id = "keys-help";
        dialog.setAttribute("aria-label", page.querySelector("h1").textContent);
        dialog.append(document.importNode(page.getElementById("keys"), true));
        var close = document.createElement("form");
        close.method = "dialog";
        close.innerHTML = '<button class="button second" autofocus>Esc</button>';
        dialog.append(close);
        body.append(dialog);
        dialog.showModal();
      });
    return true;
  }
  var doing = {
    j: function () { return press("j") || step(1); },
    k: function () { return press("k") || step(-1); },
    c: function () { var first = document.querySelector("#checks input:not([type=hidden])"); if (first) show(first); return !!first; },
    "/": function () { var field = document.getElementById("number"); if (field) { show(field); return true; } return press("/"); },
    "?": help
  };
  ["g", "n", "m", "u", "[", "]"].forEach(function (key) { doing[key] = function () { return press(key); }; });
  if (body.hasAttribute("data-keys")) document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    var done = doing[event.key] && doing[event.key]();
    if (/^[1-9]$/.test(event.key)) {
      var act = document.querySelector('.act-bar [aria-keyshortcuts="' + event.key + '"]');
      if (act) { show(act); done = true; }
    }
    if (done) event.preventDefault();
  });
})();
