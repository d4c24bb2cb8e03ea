# What embedders get: the libraries, their headers, and a package for find_package(weir).

include(CMakePackageConfigHelpers)

set(WEIR_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/weir)
# Not the benchmark and the commands: they are the program's own.
set(WEIR_INSTALLED_LIBRARIES "")
foreach(folder history repositories sqlite service config)
  if(TARGET weir_${folder})
    list(APPEND WEIR_INSTALLED_LIBRARIES weir_${folder})
  endif()
endforeach()

# The headers are C++20, whatever an embedder's default is. All libraries link history.
target_compile_features(weir_history PUBLIC cxx_std_20)

install(TARGETS ${WEIR_INSTALLED_LIBRARIES} EXPORT weirTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET weir)
  install(TARGETS weir RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weir
        FILES_MATCHING PATTERN "*.h" PATTERN benchmark EXCLUDE PATTERN commands EXCLUDE)

install(EXPORT weirTargets NAMESPACE weir:: DESTINATION ${WEIR_PACKAGE_DIR})
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/weirConfig.cmake.in ${PROJECT_BINARY_DIR}/weirConfig.cmake
  INSTALL_DESTINATION ${WEIR_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/weirConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/weirConfig.cmake ${PROJECT_BINARY_DIR}/weirConfigVersion.cmake
        DESTINATION ${WEIR_PACKAGE_DIR})
