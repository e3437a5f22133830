// Pages of the web app are paths without a file extension; all of them are index.html. Runs at CloudFront (viewer request).
function handler(event) {
  var request = event.request;
  var last = request.uri.substring(request.uri.lastIndexOf('/') + 1);
  if (last.indexOf('.') === -1) {
    request.uri = '/index.html';
  }
  return request;
}
