// Ordinary words that headers of other libraries define as macros, as those headers spell them.
#pragma once

// macOS, AssertMacros.h; Unreal Engine
#define check(assertion) static_assert(false)
#define verify(assertion) static_assert(false)
#define require(assertion, label) static_assert(false)
#define ensure(assertion) static_assert(false)
#define nil nullptr

// Windows, windows.h
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define near
#define far
#define small char
#define interface struct
#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define VOID void
#define ERROR 0
#define DELETE 0x00010000L
#define TEXT(quote) L##quote

// Linux and the BSDs: g++ -std=gnu++20, sys/sysmacros.h, termios.h
#define linux 1
#define unix 1
#define major(device) static_assert(false)
#define minor(device) static_assert(false)
#define B0 0000000
#define ECHO 0000010

// Arduino.h
#define HIGH 0x1
#define LOW 0x0
#define INPUT 0x0
#define OUTPUT 0x1
#define DEFAULT 1
#define PI 3.1415926535897932384626433832795
#define abs(x) ((x) > 0 ? (x) : -(x))
#define round(x) ((x) >= 0 ? (long)((x) + 0.5) : (long)((x)-0.5))
#define constrain(amount, low, high) ((amount) < (low) ? (low) : ((amount) > (high) ? (high) : (amount)))
#define sq(x) ((x) * (x))
#define bit(b) (1UL << (b))
#define word(...) static_assert(false)
#define F(literal) (literal)

// Qt
#define signals public
#define slots
#define emit
#define forever for (;;)
#define foreach(variable, container) for (variable : container)

// X11/X.h, X11/Xlib.h
#define None 0L
#define Bool int
#define Status int
#define True 1
#define False 0
#define Success 0
#define Always 2
#define Above 0
#define Below 1
#define Complex 0
#define Expose 12
#define GrayScale 1

// Loggers and test libraries
#define Check(x) static_assert(false)
#define CHECK(x) static_assert(false)
#define REQUIRE(x) static_assert(false)
#define LOG(x) static_assert(false)
