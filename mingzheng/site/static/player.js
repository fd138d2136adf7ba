// A marker under a recording moves its player there.
"use strict";
for (const button of document.querySelectorAll("[data-seek]")) {
  button.addEventListener("click", () => {
    const player = document.getElementById(`m${button.dataset.seek}`);
    if (!player || !player.play) return;
    const go = () => {
      player.currentTime = Number(button.dataset.into);
      player.play().catch(() => {});
    };
    if (player.readyState) go();
    else {
      player.addEventListener("loadedmetadata", go, { once: true });
      player.preload = "metadata";
      player.load();
    }
    player.scrollIntoView({ block: "nearest" });
  });
}
