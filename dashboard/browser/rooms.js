// Tells which of the rooms that hold a figure in two ways are narrow, so that the server draws the one that fits; and leads the
// keyboard back among a map's buttons where the one that was pressed is gone, as all but one are over the whole map.
const ROOM = /(?:^|\s)st-key-fits-(\S+)/;
const RESTS = 'data-test-script-state';
const BUTTONS = '[class*="st-key-map-moves-"]';
const SLACK = 20; // pixels: a scroll bar that comes and goes with the drawing changes no answer

let stop = () => {};

export default function ({data, setStateValue}) {
  stop();
  const app = document.querySelector('[data-testid=stApp]');
  const widths = new Map();
  let pressed = null; // the button of a map that has the keyboard, and what is called like the row that it stands in
  let told = {};

  const tell = () => {
    // A page in the making would begin anew: it is told when the script rests, which calls this again.
    if (app.getAttribute(RESTS) !== 'notRunning') return;
    const found = {...told};
    for (const [room, width] of widths) {
      const name = room.className.match(ROOM)?.[1];
      if (!name || !width) continue; // in a tab that is closed nobody knows
      if (!(name in told)) found[name] = width <= data.narrow;
      else if (Math.abs(width - data.narrow) > SLACK) found[name] = width < data.narrow;
    }
    if (Object.keys(found).every(name => found[name] === told[name])) return;
    told = found;
    setStateValue('narrow', told);
  };
  const sizes = new ResizeObserver(entries => {
    for (const {target, contentRect} of entries) if (widths.has(target)) widths.set(target, contentRect.width);
    tell();
  });
  const follow = ({target}) => {
    const row = target.closest(BUTTONS);
    pressed = row && {button: target, row: row.className.match(/st-key-map-moves-\S+/)[0]};
  };
  const lead = () => {
    if (!pressed || pressed.button.isConnected || document.activeElement !== document.body) return;
    // Each stands there twice, of which a phone shows the one and a desk the other.
    [...document.querySelectorAll(`.${pressed.row} button:enabled`)].find(each => each.offsetParent)?.focus();
  };
  const look = () => {
    lead();
    for (const room of widths.keys()) {
      if (!room.isConnected) {
        sizes.unobserve(room);
        widths.delete(room);
      }
    }
    for (const room of document.querySelectorAll('[class*="st-key-fits-"]')) {
      if (!widths.has(room)) {
        widths.set(room, 0);
        sizes.observe(room);
      }
    }
    tell();
  };
  const rests = new MutationObserver(look);
  rests.observe(app, {attributes: true, attributeFilter: [RESTS]});
  document.addEventListener('focusin', follow);
  follow({target: document.activeElement}); // who was quicker than the page
  stop = () => {
    document.removeEventListener('focusin', follow);
    rests.disconnect();
    sizes.disconnect();
  };
  look();
  return stop;
}
