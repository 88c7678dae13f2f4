// Let the ring of a shown licence run down and the time of day move, and fetch the next code before this one ends.
// Without script the page says until when its code holds, and a link gives another.
(function () {
  "use strict";
  var LIFE = 60000, EARLY = 10000, AGAIN = 3000;
  var isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  var spell = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  var opened = Date.now(), asked = 0;

  function box() { return document.getElementById("shown"); }
  function age() { return Date.now() - opened; }
  function move() {
    var left = Number(box().dataset.left) - age();
    box().querySelector(".ring rect").setAttribute("stroke-dashoffset", String(60 * (1 - Math.max(left, 0) / LIFE)));
    document.getElementById("time-of-day").textContent = spell.format(Number(box().dataset.now) + age());
    box().classList.toggle("over", left <= 0);
    if (left < EARLY && !document.hidden && Date.now() - asked > AGAIN) renew();
  }
  function renew() {
    asked = Date.now();
    fetch(location.href, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("shown");
        if (!fresh) { location.reload(); return; }
        box().replaceWith(document.importNode(fresh, true));
        opened = Date.now();
        asked = 0;
        move();
      })
      .catch(function (status) { if (typeof status === "number") location.reload(); });
  }
  function stayAwake() {
    if (navigator.wakeLock && !document.hidden) navigator.wakeLock.request("screen").catch(function () {});
  }
  document.addEventListener("visibilitychange", function () { stayAwake(); move(); });
  stayAwake();
  move();
  setInterval(move, isStill ? 1000 : 100);
})();
