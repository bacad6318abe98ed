/** The version of fenceline that the page was built from. */
declare const FENCELINE_VERSION: string;
