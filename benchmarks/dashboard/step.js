// Milliseconds from a key that moves a slider until all that it changes is painted; armed before the key is pressed.
() => {
  const app = document.querySelector('[data-testid=stApp]');
  window.stepped = new Promise((done, failed) => {
    let began = 0, ran = false;
    document.addEventListener('keydown', () => { began = performance.now(); }, {once: true, capture: true});
    // A short run begins and ends between two looks: that its state has changed tells that it ran.
    const look = changes => {
      ran = ran || (began > 0 && changes.some(each => each.attributeName === 'data-test-script-state'));
      const busy = app.dataset.testScriptState === 'running' || document.querySelector('[data-stale=true], [data-testid=stProgress]');
      if (ran && !busy) {
        watch.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
      }
    };
    setTimeout(() => failed(new Error('no step was painted within a minute')), 60_000);
    const watch = new MutationObserver(look);
    watch.observe(app, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-test-script-state', 'data-stale']});
  });
}
