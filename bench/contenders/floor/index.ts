export { connect } from './client.js';
export { serve } from './server.js';
