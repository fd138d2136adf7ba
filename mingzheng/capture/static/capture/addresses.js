// Where the server answers, as the shell that it sent says; no address is written in a script.
export const addresses = document.body.dataset;
