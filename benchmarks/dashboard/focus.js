// Controls that look the same with the keyboard on them as without it.
async () => {
  const still = document.createElement("style");
  still.textContent = "*,*::before,*::after{transition:none!important;animation:none!important}";
  document.head.append(still);
  const properties = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor", "borderWidth", "backgroundColor",
    "color", "textDecorationLine", "opacity"];
  const look = each => {
    const seen = [];
    for (let up = each, i = 0; up && i < 6 && up.dataset.testid !== "stMain"; up = up.parentElement, i++)
      for (const pseudo of [null, "::before", "::after"]) {
        const style = getComputedStyle(up, pseudo);
        seen.push(...properties.map(name => style[name]));
      }
    for (const inner of each.querySelectorAll("*")) seen.push(...properties.map(name => getComputedStyle(inner)[name]));
    return seen.join("|");
  };
  const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const controls = "a[href],button,input,select,textarea,summary,[tabindex='0'],[role=slider],[role=tab]";
  // Streamlit's main part takes the keyboard so that it can be scrolled, and fills the window; a table that sorts is a canvas, on
  // which it draws the cell that has the focus.
  const exempt = "main,canvas";
  const found = [];
  let tried = 0;
  for (const each of document.querySelectorAll(controls)) {
    if (!each.closest("[data-testid=stMain],[data-testid=stHeader]") || each.disabled || each.tabIndex < 0 || each.matches(exempt)) continue;
    if (!each.checkVisibility({ visibilityProperty: true })) continue;
    document.activeElement.blur();
    await frames();
    const before = look(each);
    each.focus();
    await frames();
    if (document.activeElement !== each) continue;
    tried++;
    if (look(each) === before) {
      const words = (each.getAttribute("aria-label") || each.innerText || each.className || "").trim().slice(0, 50);
      found.push(`no focus to be seen: ${each.tagName.toLowerCase()} ${words}`);
    }
  }
  still.remove();
  return [tried, [...new Set(found)]];
}
