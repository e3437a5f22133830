// What tenants write is served at another address: who looks at it here is sent there, and no script or page of theirs
// comes from the app's origin. What is sent here (a webhook's POST) is passed on as ever, sandboxed, without cookies.
function handler(event) {
  var request = event.request;
  if (request.method === 'GET' || request.method === 'HEAD') {
    var parts = [];
    for (var name in request.querystring) {
      var one = request.querystring[name];
      (one.multiValue || [one]).forEach(function (it) { parts.push(it.value === '' ? name : name + '=' + it.value); });
    }
    return {
      statusCode: 308,
      statusDescription: 'Permanent Redirect',
      headers: {
        location: { value: '__CONTENT__' + request.uri + (parts.length ? '?' + parts.join('&') : '') },
        'cache-control': { value: 'no-store' }
      }
    };
  }
  request.headers['x-forwarded-host'] = { value: request.headers.host.value };
  request.headers['x-stepweave-caller'] = { value: event.viewer.ip };
  return request;
}
