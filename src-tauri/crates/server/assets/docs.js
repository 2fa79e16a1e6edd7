// Shows the operations of the API. Everything is set as text, never as HTML.

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Creates an element with text or other elements in it. */
const element = (name, ...children) => {
  const created = document.createElement(name);
  created.append(...children);
  return created;
};

const tableOf = (rows) =>
  element("table", ...rows.map(([name, text]) => element("tr", element("th", name), element("td", text ?? ""))));

const parameterRows = (operation) =>
  (operation.parameters ?? []).map((parameter) => [parameter.name, parameter.description]);

const responseRows = (operation) =>
  Object.entries(operation.responses ?? {}).map(([status, response]) => [status, response.description]);

/** Returns the elements that describe one operation. */
const describe = (path, method, operation) => {
  const parts = [element("h2", `${method.toUpperCase()} ${path}`), element("p", operation.summary ?? "")];
  if (operation.description) parts.push(element("p", operation.description));
  const parameters = parameterRows(operation);
  if (parameters.length > 0) parts.push(tableOf(parameters));
  return [...parts, tableOf(responseRows(operation))];
};

const show = (description) => {
  const operations = Object.entries(description.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).flatMap((method) => describe(path, method, item[method])),
  );
  document.querySelector("#operations").replaceChildren(...operations);
};

try {
  const response = await fetch("/openapi.json");
  show(await response.json());
} catch {
  document.querySelector("#operations").replaceChildren("The description cannot be loaded.");
}
