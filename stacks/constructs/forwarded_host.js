// Tells the HTTP API which host the caller used: API Gateway knows itself by its own Host only.
// Written by the edge alone: what a caller sends under this name is replaced.
function handler(event) {
  var request = event.request;
  request.headers["x-forwarded-host"] = { value: request.headers.host.value };
  return request;
}
