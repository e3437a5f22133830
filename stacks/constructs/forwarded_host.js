// Tells the HTTP API which host the caller used (API Gateway knows itself by its own Host only), and from which address
// it came. Written by the edge alone: what a caller sends under these names is replaced.
function handler(event) {
  var request = event.request;
  request.headers["x-forwarded-host"] = { value: request.headers.host.value };
  request.headers["x-stepweave-caller"] = { value: event.viewer.ip };
  return request;
}
