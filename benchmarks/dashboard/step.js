// Milliseconds from a key that moves a slider until all that it changes is painted; armed before the key is pressed.
() => {
  const app = document.querySelector('[data-testid=stApp]');
  window.stepped = new Promise(done => {
    let began = 0, ran = false;
    document.addEventListener('keydown', () => { began = performance.now(); }, {once: true, capture: true});
    const look = () => {
      ran = ran || (began > 0 && app.dataset.testScriptState === 'running');
      const busy = app.dataset.testScriptState === 'running' || document.querySelector('[data-stale=true], [data-testid=stProgress]');
      if (ran && !busy) {
        watch.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
      }
    };
    const watch = new MutationObserver(look);
    watch.observe(app, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-test-script-state', 'data-stale']});
  });
}
