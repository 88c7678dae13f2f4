// Keep the page of a job up to date without loading it anew; without script the answer asks for that itself.
(function () {
  "use strict";
  var EVERY = 2000;
  var address = new URL(location.href);
  if (address.searchParams.has("refresh")) {
    address.searchParams.delete("refresh");
    location.replace(address);
    return;
  }
  function isOver() {
    var job = document.getElementById("job");
    return !job || job.dataset.over === "yes";
  }
  function renew() {
    if (isOver()) return;
    if (document.hidden) { setTimeout(renew, EVERY); return; }
    fetch(address, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("job");
        var job = document.getElementById("job");
        var focused = document.activeElement && job.contains(document.activeElement);
        if (fresh && (!focused || fresh.dataset.over === "yes")) job.replaceWith(document.importNode(fresh, true));
        else if (fresh) document.getElementById("progress").value = fresh.querySelector("#progress").value;
        setTimeout(renew, EVERY);
      })
      .catch(function () { setTimeout(renew, 5 * EVERY); });
  }
  setTimeout(renew, EVERY);
})();
