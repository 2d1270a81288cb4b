/* The one place the version is written; CMake reads it from here. */
#ifndef SEEDBANK_VERSION_H
#define SEEDBANK_VERSION_H

#define SB_VERSION "0.1.0"

/* How the bytes of a file are laid out. Raised when a reader would have to change. */
#define SB_FORMAT_VERSION 1

/* What the rows are. Raised whenever any spec would give other rows; part of every key. */
#define SB_CONTENT_VERSION 2

#endif
