// Runs before the first paint so that a dark theme never flashes white. A file, not inline: the CSP allows no inline script.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("stepweave.theme");
  } catch {
    // Storage is off limits: follow the system.
  }
  const dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
