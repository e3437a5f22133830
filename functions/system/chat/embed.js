// Runs in other people's pages: it makes a frame and a button, and reads nothing of theirs.
(() => {
  const given = __GIVEN__;
  const own = document.currentScript;
  const origin = new URL(own ? own.src : location.href).origin;
  const options = own ? own.dataset : {};
  const frame = document.createElement("iframe");
  frame.title = given.title;
  frame.allow = "clipboard-write";
  frame.setAttribute("referrerpolicy", "no-referrer");
  const set = (element, style) => Object.assign(element.style, style);
  if (options.mode === "inline") {
    frame.src = origin + given.path;
    set(frame, { width: "100%", height: `${Number(options.height) || 600}px`, border: "0" });
    own.after(frame);
    return;
  }
  const side = given.rtl ? "left" : "right";
  const button = document.createElement("button");
  const icon = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of Object.entries({
      viewBox: "0 0 24 24",
      width: 26,
      height: 26,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 2,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      "aria-hidden": "true",
    }))
      svg.setAttribute(name, value);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    button.replaceChildren(svg);
  };
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(given.color.slice(at, at + 2), 16) || 0);
  const bright = 0.299 * red + 0.587 * green + 0.114 * blue > 150;
  button.type = "button";
  set(button, {
    position: "fixed",
    bottom: "calc(16px + env(safe-area-inset-bottom))",
    [side]: "16px",
    width: "56px",
    height: "56px",
    borderRadius: "50%",
    border: "1px solid rgba(127,127,127,.4)",
    background: given.color,
    color: bright ? "#000" : "#fff",
    boxShadow: "0 4px 14px rgba(0,0,0,.3)",
    cursor: "pointer",
    zIndex: 2147483001,
    display: "grid",
    placeItems: "center",
  });
  set(frame, {
    position: "fixed",
    bottom: "calc(84px + env(safe-area-inset-bottom))",
    [side]: "16px",
    width: "min(400px, calc(100vw - 32px))",
    height: "min(640px, calc(100dvh - 110px))",
    border: "1px solid rgba(127,127,127,.4)",
    borderRadius: "12px",
    boxShadow: "0 8px 30px rgba(0,0,0,.3)",
    zIndex: 2147483000,
    display: "none",
  });
  const open = (shown) => {
    if (shown && !frame.src) frame.src = origin + given.path;
    frame.style.display = shown ? "block" : "none";
    button.setAttribute("aria-expanded", String(shown));
    button.setAttribute("aria-label", shown ? `${given.close}: ${given.title}` : given.title);
    icon(shown ? "M6 6l12 12M18 6L6 18" : "M21 12a8 8 0 0 1-11.5 7.2L4 20l1-4.6A8 8 0 1 1 21 12z");
    if (shown) frame.focus();
  };
  button.onclick = () => open(frame.style.display === "none");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && frame.style.display !== "none") {
      open(false);
      button.focus();
    }
  });
  open(false);
  const add = () => document.body.append(frame, button);
  if (document.body) add();
  else document.addEventListener("DOMContentLoaded", add);
})();
