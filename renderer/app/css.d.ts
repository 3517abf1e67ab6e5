/** The bundler turns these into app.css. */
declare module '*.css';
