/** The contents of a bundle by somebody who has the api jar and its documentation, and nothing else of Thole. */
@NullMarked
package io.thole.container.stranger;

import org.jspecify.annotations.NullMarked;
