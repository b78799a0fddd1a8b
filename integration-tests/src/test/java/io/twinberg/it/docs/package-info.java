/** What the documents tell people to type, run as it is written. */
@org.jspecify.annotations.NullMarked
package io.twinberg.it.docs;
