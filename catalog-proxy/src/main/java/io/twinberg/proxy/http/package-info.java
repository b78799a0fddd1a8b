/**
 * The engines' listener: raw requests become calls on served catalogs, answers and errors go back.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.http;
