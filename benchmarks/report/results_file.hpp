// ResultsFile: writes results as Google Benchmark does, for programs that are not made with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace report {

class ResultsFile {
  public:
    /// `blas` is what the program multiplies matrices with, if that matters.
    explicit ResultsFile(const std::filesystem::path& file, const std::string& blas = "") : stream_{file} {
        stream_.precision(12);
        double load = 0;
        getloadavg(&load, 1);
        stream_ << "{\"context\": {\"load_avg\": [" << load << "], \"blas\": \"" << blas
                << "\"},\n\"benchmarks\": [";
    }
    void add(const std::string& name, const std::vector<std::pair<const char*, double>>& counters) {
        stream_ << (first_ ? "\n" : ",\n") << "{\"run_name\": \"" << name << '"';
        for (const auto& [counter, value] : counters)
            stream_ << ", \"" << counter << "\": " << value;
        stream_ << '}';
        stream_ << std::flush; // a run that is interrupted is not lost
        first_ = false;
    }
    void finish() {
        if (!(stream_ << "\n]}\n").flush())
            throw std::runtime_error{"the results cannot be written"};
    }

  private:
    std::ofstream stream_;
    bool first_ = true;
};

} // namespace report
