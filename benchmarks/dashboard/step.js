// Milliseconds from a key that moves a slider until all that it changes is painted; armed before the key is pressed.
() => {
  const app = document.querySelector('[data-testid=stApp]');
  window.stepped = new Promise((done, failed) => {
    let began = 0, ran = false, last = 0;
    document.addEventListener('keydown', () => { began = performance.now(); }, {once: true, capture: true});
    const look = changes => {
      // A short run begins and ends between two looks, a very short one even without a change of state: figures tell it.
      ran = ran || (began > 0 && changes.some(each => each.attributeName === 'data-test-script-state'
        || each.type === 'childList' && each.target.closest('.js-plotly-plot')));
      const busy = app.dataset.testScriptState === 'running' || document.querySelector('[data-stale=true], [data-testid=stProgress]');
      if (!ran || busy) return;
      // What is drawn within the next two frames belongs to the step.
      cancelAnimationFrame(last);
      last = requestAnimationFrame(() => {
        last = requestAnimationFrame(() => { watch.disconnect(); done(performance.now() - began); });
      });
    };
    setTimeout(() => failed(new Error('no step was painted within a minute')), 60_000);
    const watch = new MutationObserver(look);
    watch.observe(app, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-test-script-state', 'data-stale']});
  });
}
