/**
 * xterm and React Flow insert <style> elements, which the content security policy lets in with the
 * page's nonce only. This has to run before either is loaded.
 */
const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? '';
const createElement = document.createElement.bind(document);
document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const element = createElement(name, options);
  if (name.toLowerCase() === 'style') element.setAttribute('nonce', nonce);
  return element;
}) as typeof document.createElement;

/** xterm writes some styles as attributes, which the policy forbids; the same through the object model is allowed. */
const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function setAttributeOrStyle(this: Element, name: string, value: string): void {
  if (name === 'style' && this instanceof HTMLElement) this.style.cssText = value;
  else setAttribute.call(this, name, value);
};
