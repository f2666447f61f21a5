/**
 * Grains: named objects that live in one place of the cluster and are called from anywhere.
 *
 * <p>Callers begin with {@link io.thole.api.grain.Grains}; who writes a grain begins with
 * {@link io.thole.api.grain.GrainKind}. Depends on nothing but {@code java.base}.
 */
@NullMarked
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package io.thole.api.grain;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
