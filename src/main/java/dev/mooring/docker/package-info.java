/**
 * Docker's VolumeDriver protocol: a record for each request and response, the routes, and the
 * server on the Unix socket.
 */
@NullMarked
package dev.mooring.docker;

import org.jspecify.annotations.NullMarked;
