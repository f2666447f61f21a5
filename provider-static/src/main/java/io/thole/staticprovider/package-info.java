/** The provider whose cluster is a configured list. */
@NullMarked
package io.thole.staticprovider;

import org.jspecify.annotations.NullMarked;
