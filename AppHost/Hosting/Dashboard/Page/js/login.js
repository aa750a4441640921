const query = new URLSearchParams(location.search);
const wanted = query.get('returnUrl') ?? '/';
// Only a path of this site: a link with a foreign returnUrl must not lead away after the login.
document.getElementById('returnUrl').value = /^\/(?![\/\\])/.test(wanted) ? wanted : '/';
document.getElementById('error').hidden = query.get('error') !== '1';
