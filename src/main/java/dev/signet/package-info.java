/** Signet: API tokens that let bots and partners in, and can be taken back at once. Each package below is one room. */
@NullMarked
package dev.signet;

import org.jspecify.annotations.NullMarked;
